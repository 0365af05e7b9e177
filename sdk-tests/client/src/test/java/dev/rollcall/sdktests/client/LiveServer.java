package dev.rollcall.sdktests.client;

import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.call.SubscribeCall;
import dev.rollcall.client.retry.Delay;
import dev.rollcall.client.transport.HttpTransport;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.server.RollcallServer;
import dev.rollcall.server.config.RollcallConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A server in development mode inside the test, and clients for it on one transport. */
final class LiveServer implements AutoCloseable {
    static final Delay QUICK = Delay.fullJitter(Duration.ofMillis(50), Duration.ofMillis(400));

    private final RollcallServer server;
    private final HttpTransport transport = HttpTransport.create();
    private final List<RollcallClient> clients = new CopyOnWriteArrayList<>();

    LiveServer() {
        this(KeysetSettings.DEFAULT);
    }

    /** Starts one all of whose keysets have these settings. */
    LiveServer(KeysetSettings settings) {
        server = RollcallServer.start(
                RollcallConfig.development().withDefaults(settings).withPort(0).withAdminPort(0));
    }

    String origin() {
        return "127.0.0.1:" + server.port();
    }

    int port() {
        return server.port();
    }

    int adminPort() {
        return server.adminPort();
    }

    HttpTransport transport() {
        return transport;
    }

    /** Returns settings for a user; each test class has a keyset of its own. */
    ClientConfig.Builder config(String keyset, String userId) {
        return ClientConfig.builder(keyset, userId)
                .publishKey("pub")
                .origin(origin())
                .reconnectDelay(QUICK);
    }

    RollcallClient client(String keyset, String userId) {
        return client(config(keyset, userId));
    }

    RollcallClient client(ClientConfig.Builder config) {
        RollcallClient client = RollcallClient.create(config.build(), transport);
        clients.add(client);
        return client;
    }

    /** Returns a client that is present in channels. */
    RollcallClient present(String keyset, String userId, String... channels) {
        RollcallClient client = client(keyset, userId);
        subscribed(client.subscribe().channels(channels));
        return client;
    }

    /** Subscribes and waits for the confirmation. */
    static void subscribed(SubscribeCall call) {
        call.future().orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        clients.forEach(RollcallClient::close);
        transport.close();
        server.close();
    }
}
