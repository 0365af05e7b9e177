package dev.rollcall.server;

import dev.rollcall.server.config.RollcallConfig;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks the server that runs with a configuration on this machine whether it is well, by its admin port. */
final class HealthCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int LONGEST_ANSWER = 1024;

    private HealthCheck() {}

    /** Returns what is wrong, or an empty text if the server is well. */
    static String problem(RollcallConfig config) {
        String where = config.adminHost() + ':' + config.adminPort();
        try {
            InetAddress address = InetAddress.getByName(config.adminHost());
            // One that listens everywhere listens here.
            String host = (address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address).getHostAddress();
            String bracketed = host.indexOf(':') >= 0 ? '[' + host + ']' : host;
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create("http://" + bracketed + ':' + config.adminPort() + "/health")
                            .toURL()
                            .openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout((int) PATIENCE.toMillis());
            connection.setReadTimeout((int) PATIENCE.toMillis());
            connection.setInstanceFollowRedirects(false);
            if (connection.getResponseCode() == HttpURLConnection.HTTP_OK) {
                return "";
            }
            var body = connection.getErrorStream();
            String words =
                    body == null ? "" : new String(body.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8).strip();
            return where + " answers " + connection.getResponseCode() + (words.isEmpty() ? "" : ": " + words);
        } catch (IOException e) {
            return where + " does not answer: " + e.getMessage();
        }
    }
}
