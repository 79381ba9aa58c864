"""An iPOPO process for scripts/interop_ipopo.ts: exports a service, or calls one.

usage: peer.py export|consume ETCD_PORT HTTP_PORT
"""
import json
import signal
import sys
import threading

from pelix.framework import FrameworkFactory, create_framework
from pelix.rsa import SERVICE_EXPORTED_INTERFACES
from pelix.rsa.providers.discovery.etcd3 import (
    ETCD_CONNECTED_CALLBACK_PROP,
    ETCD_HOSTNAME_PROP,
    ETCD_PORT_PROP,
    instantiate_etcd3_discovery_provider,
)
from pelix.rsa.topologymanagers.basic import instantiate_basic_topology_manager

INTERFACE = "com.example.interop.IEcho"
BUNDLES = [
    "pelix.ipopo.core",
    "pelix.rsa.remoteserviceadmin",
    "pelix.rsa.topologymanagers.basic",
    "pelix.rsa.providers.discovery.etcd3",
    "pelix.http.basic",
    "pelix.rsa.providers.distribution.xmlrpc",
]


def say(*words):
    print(*words, flush=True)


class Echo:
    def echo(self, value):
        return value

    def fail(self):
        raise ValueError("on purpose")


def export(context):
    properties = {
        SERVICE_EXPORTED_INTERFACES: "*",
        "colour": "red",
        "size": 10,
        "nothing": None,
        "words": ["a", "b"],
    }
    registration = context.register_service(INTERFACE, Echo(), properties)
    say("exported")
    while signal.sigwait([signal.SIGTERM, signal.SIGUSR1]) == signal.SIGUSR1:
        registration.set_properties({"size": None, "shade": "dark"})
        say("changed")
    registration.unregister()


class Listener:
    def __init__(self, context):
        self.context = context
        self.found = threading.Event()

    def service_changed(self, event):
        reference = event.get_service_reference()
        if reference.get_property("service.imported") is not None:
            say("event", event.get_kind(), json.dumps(
                {name: str(value) for name, value in reference.get_properties().items()}))
            self.found.set()


def consume(context):
    listener = Listener(context)
    context.add_service_listener(listener, None, INTERFACE)
    say("waiting")
    if context.get_service_reference(INTERFACE) is None and not listener.found.wait(20):
        raise TimeoutError("no service was discovered")
    reference = context.get_service_reference(INTERFACE)
    echo = context.get_service(reference)
    for value in ["text", 1, 1.5, True, None, ["a", 1, [None]], {"name": "value"}, "\u00e4\u20ac\U0001f600"]:
        if echo.echo(value) != value:
            raise AssertionError(f"{value!r} came back as {echo.echo(value)!r}")
    say("echoed")
    try:
        echo.fail()
        raise AssertionError("no fault")
    except AssertionError:
        raise
    except Exception as error:
        say("fault", str(error).replace("\n", " "))


def main():
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGUSR1])  # before any thread starts
    role, etcd_port, http_port = sys.argv[1], sys.argv[2], int(sys.argv[3])
    framework = create_framework(BUNDLES, {
        "ecf.xmlrpc.server.hostname": "127.0.0.1",
        "org.osgi.service.http.port": http_port,
    })
    framework.start()
    context = framework.get_bundle_context()
    from pelix.ipopo.constants import use_ipopo
    with use_ipopo(context) as ipopo:
        ipopo.instantiate("pelix.http.service.basic.factory", "http-server", {
            "pelix.http.address": "127.0.0.1",
            "pelix.http.port": http_port,
        })
    instantiate_basic_topology_manager(context)
    connected = threading.Event()
    instantiate_etcd3_discovery_provider(context, {
        ETCD_HOSTNAME_PROP: "localhost",
        ETCD_PORT_PROP: etcd_port,
        ETCD_CONNECTED_CALLBACK_PROP: connected.set,
    })
    if not connected.wait(20):
        raise TimeoutError("etcd is not connected")
    try:
        (export if role == "export" else consume)(context)
    finally:
        FrameworkFactory.delete_framework()
        say("stopped")


main()
