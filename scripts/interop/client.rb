# Ruby's xmlrpc, package ruby-xmlrpc.
require "xmlrpc/client"
server = XMLRPC::Client.new2(ARGV[0])
def same(what, got, wanted)
  raise "#{what}: #{got.inspect}, not #{wanted.inspect}" unless got == wanted
end
day = { "moe" => 1, "larry" => 2, "curly" => 3 }
same("arrays", server.call("validator1.arrayOfStructsTest", [day, day.merge("curly" => -8)]), -5)
same("entities", server.call("validator1.countTheEntities", %q(<<>&''""")),
     { "ctLeftAngleBrackets" => 2, "ctRightAngleBrackets" => 1, "ctAmpersands" => 1,
       "ctApostrophes" => 2, "ctQuotes" => 3 })
same("struct", server.call("validator1.easyStructTest", day), 6)
same("echo", server.call("validator1.echoStructTest", { "a" => { "b" => "x\n<y>" } }), { "a" => { "b" => "x\n<y>" } })
date = XMLRPC::DateTime.new(2026, 1, 2, 3, 4, 5)
many = server.call("validator1.manyTypesTest", 1, false, "x", 2.5, date, XMLRPC::Base64.new("abc\0" * 50))
same("many", many[0, 4], [1, false, "x", 2.5])
same("date", many[4].to_a, date.to_a)
same("base64", many[5], "abc\0" * 50)
same("array", server.call("validator1.moderateSizeArrayCheck", ["first"] + ["x"] * 150 + ["last"]), "firstlast")
same("nested", server.call("validator1.nestedStructTest", { "2000" => { "04" => { "01" => day } } }), 6)
same("return", server.call("validator1.simpleStructReturnTest", 7), { "times10" => 70, "times100" => 700, "times1000" => 7000 })
same("unicode", server.call("echo", "\u00e9\u{1F600}"), "\u00e9\u{1F600}")
begin
  server.call("nope")
  raise "no fault"
rescue XMLRPC::FaultException => fault
  same("fault", fault.faultCode, -32601)
end
same("multicall", server.multicall(["echo", 1], ["validator1.easyStructTest", day]), [1, 6])
puts "validated"
