"""Times Python's xmlrpc.client: `decode|encode FILE SECONDS` prints the seconds of one."""
import sys
import time
import xmlrpc.client

what, path, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
with open(path, "rb") as file:
    data = file.read()
params, method = xmlrpc.client.loads(data, use_builtin_types=True)
operations = {
    "decode": lambda: xmlrpc.client.loads(data, use_builtin_types=True),
    "encode": lambda: xmlrpc.client.dumps(params, method, methodresponse=method is None),
}
operation = operations[what]


def measure():
    count, batch, start = 0, 1, time.perf_counter()
    while True:
        for _ in range(batch):
            operation()
        count += batch
        passed = time.perf_counter() - start
        if passed >= seconds:
            return passed / count
        batch = max(1, min(batch * 2, int((seconds - passed) * count / passed)))


measure()  # warms up
print(measure())
