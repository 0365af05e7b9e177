package dev.rollcall.testkit;

import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.RollcallClient;

/** Makes clients. Apart from the rest, which works without the client on the class path. */
final class Clients {
    private Clients() {}

    /**
     * A client of one test.
     *
     * @param client what the test gets
     * @param close closes it
     */
    record Connected(Object client, Runnable close) {}

    static Connected connect(RollcallTestServer server, String user) {
        RollcallClient client = RollcallClient.create(ClientConfig.builder(server.subscribeKey(), user)
                .publishKey(server.publishKey())
                .origin(server.origin())
                .secure(server.uri().getScheme().equals("https"))
                .build());
        return new Connected(client, client::close);
    }
}
