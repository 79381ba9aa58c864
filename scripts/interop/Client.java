// aXMLRPC, package libaxmlrpc-java.
import de.timroes.axmlrpc.XMLRPCClient;
import de.timroes.axmlrpc.XMLRPCServerException;
import java.net.URL;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.Map;

public class Client {
    static void same(String what, Object got, Object wanted) {
        if (!wanted.equals(got)) throw new AssertionError(what + ": " + got + ", not " + wanted);
    }

    public static void main(String[] args) throws Exception {
        XMLRPCClient client = new XMLRPCClient(new URL(args[0]), XMLRPCClient.FLAGS_NIL);
        Map<String, Object> day = Map.of("moe", 1, "larry", 2, "curly", 3);
        Map<String, Object> other = Map.of("moe", 1, "larry", 2, "curly", -8);
        same("arrays", client.call("validator1.arrayOfStructsTest", (Object) new Object[] {day, other}), -5);
        same("struct", client.call("validator1.easyStructTest", day), 6);
        same("entities", client.call("validator1.countTheEntities", "<<>&''\"\"\""),
            Map.of("ctLeftAngleBrackets", 2, "ctRightAngleBrackets", 1, "ctAmpersands", 1, "ctApostrophes", 2, "ctQuotes", 3));
        same("echo", client.call("validator1.echoStructTest", Map.of("a", Map.of("b", "x\n<y>"))), Map.of("a", Map.of("b", "x\n<y>")));
        byte[] bytes = "abc\0".repeat(50).getBytes();
        Object[] many = (Object[]) client.call("validator1.manyTypesTest", 1, false, "x", 2.5, new Date(1767323045000L), bytes);
        same("many", Arrays.asList(many).subList(0, 4), Arrays.asList(1, false, "x", 2.5));
        same("date", many[4], new Date(1767323045000L));
        same("base64", Arrays.equals((byte[]) many[5], bytes), true);
        String[] list = Collections.nCopies(152, "x").toArray(new String[0]);
        list[0] = "first";
        list[151] = "last";
        same("array", client.call("validator1.moderateSizeArrayCheck", (Object) list), "firstlast");
        same("nested", client.call("validator1.nestedStructTest", Map.of("2000", Map.of("04", Map.of("01", day)))), 6);
        same("unicode", client.call("echo", "\u00e9\ud83d\ude00"), "\u00e9\ud83d\ude00");
        try {
            client.call("nope");
            throw new AssertionError("no fault");
        } catch (XMLRPCServerException fault) {
            same("fault", fault.getErrorNr(), -32601);
        }
        System.out.println("validated");
    }
}
