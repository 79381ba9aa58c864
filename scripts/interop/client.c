/* xmlrpc-c, package libxmlrpc-core-c3-dev. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xmlrpc-c/base.h>
#include <xmlrpc-c/client.h>

static xmlrpc_env env;
static const char *url;

static void check(const char *what, int holds) {
    if (env.fault_occurred) fprintf(stderr, "%s: %s\n", what, env.fault_string), exit(1);
    if (!holds) fprintf(stderr, "%s is wrong\n", what), exit(1);
}

static int number(xmlrpc_value *value) {
    int result = 0;
    if (!env.fault_occurred) xmlrpc_read_int(&env, value, &result);
    return result;
}

#define CALL(method, ...) xmlrpc_client_call(&env, url, "validator1." method, __VA_ARGS__)
#define DAY "{s:i,s:i,s:i}"
#define STOOGES(curly) "moe", 1, "larry", 2, "curly", curly

int main(int count, char **args) {
    url = args[count - 1];
    xmlrpc_env_init(&env);
    xmlrpc_client_init2(&env, XMLRPC_CLIENT_NO_FLAGS, "interop", "1", NULL, 0);
    check("arrays", number(CALL("arrayOfStructsTest", "((" DAY DAY "))", STOOGES(3), STOOGES(-8))) == -5);
    check("struct", number(CALL("easyStructTest", "(" DAY ")", STOOGES(3))) == 6);
    xmlrpc_value *counts = CALL("countTheEntities", "(s)", "<<>&''\"\"\"");
    int quotes = 0, lefts = 0;
    xmlrpc_decompose_value(&env, counts, "{s:i,s:i,*}", "ctQuotes", &quotes, "ctLeftAngleBrackets", &lefts);
    check("entities", quotes == 3 && lefts == 2);
    const char *text = "";
    xmlrpc_value *echo = CALL("echoStructTest", "({s:{s:s}})", "a", "b", "x\n<y>");
    xmlrpc_decompose_value(&env, echo, "{s:{s:s,*},*}", "a", "b", &text);
    check("echo", strcmp(text, "x\n<y>") == 0);
    xmlrpc_value *many = CALL("manyTypesTest", "(ibsd86)", 1, 0, "x", 2.5, "20260102T03:04:05", "abc", (size_t)3);
    int one = 0, no = 1;
    double half = 0;
    const char *date = "";
    const unsigned char *bytes = 0;
    size_t length = 0;
    xmlrpc_decompose_value(&env, many, "(ibsd86)", &one, &no, &text, &half, &date, &bytes, &length);
    check("many", one == 1 && !no && !strcmp(text, "x") && half == 2.5 && length == 3 && !memcmp(bytes, "abc", 3));
    check("date", strcmp(date, "20260102T03:04:05") == 0);
    xmlrpc_value *nested = CALL("nestedStructTest", "({s:{s:{s:" DAY "}}})", "2000", "04", "01", STOOGES(3));
    check("nested", number(nested) == 6);
    int thousand = 0;
    xmlrpc_decompose_value(&env, CALL("simpleStructReturnTest", "(i)", 7), "{s:i,*}", "times1000", &thousand);
    check("return", thousand == 7000);
    check("nil", xmlrpc_value_type(xmlrpc_client_call(&env, url, "echo", "(n)")) == XMLRPC_TYPE_NIL);
    xmlrpc_client_call(&env, url, "nope", "()");
    if (!env.fault_occurred || env.fault_code != -32601) fprintf(stderr, "no fault\n"), exit(1);
    puts("validated");
    return 0;
}
