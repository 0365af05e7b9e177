package dev.rollcall.client.transport;

import java.lang.reflect.Method;
import java.net.http.HttpClient;
import org.jspecify.annotations.Nullable;

/** Ends clients of the JDK, which only from release 21 on can be told to. */
final class HttpClients {
    private static final @Nullable Method SHUTDOWN_NOW = shutdownNow();

    private HttpClients() {}

    private static @Nullable Method shutdownNow() {
        try {
            return HttpClient.class.getMethod("shutdownNow");
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    /** Ends its thread at once where that is possible; elsewhere the thread ends with the last reference to the client. */
    static void stop(@Nullable HttpClient client) {
        if (client == null || SHUTDOWN_NOW == null) {
            return;
        }
        try {
            SHUTDOWN_NOW.invoke(client);
        } catch (ReflectiveOperationException e) {
            System.getLogger(HttpClients.class.getName()).log(System.Logger.Level.DEBUG, "left to the collector", e);
        }
    }
}
