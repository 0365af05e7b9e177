package dev.rollcall.server.operator;

import org.jspecify.annotations.Nullable;

/**
 * Who may ask the admin port for what.
 *
 * @param token what operators must know, or null if nothing
 * @param metricsToken what lets read {@code /metrics} and nothing else, or null
 * @param hosts the names by which the port may be asked, separated by commas, besides addresses and {@code localhost}
 * @param tls who encrypts what is sent to the port
 * @param isApiOn whether there is {@code /admin/v1} at all
 * @param isConsoleOn whether there is {@code /console/}, which needs the API
 */
public record AdminPort(
        @Nullable AdminToken token,
        @Nullable AdminToken metricsToken,
        String hosts,
        Tls tls,
        boolean isApiOn,
        boolean isConsoleOn) {
    /** Nothing is needed. */
    public static final AdminPort DEFAULT = new AdminPort(null, null, "", Tls.OFF, true, true);

    /** Who encrypts. */
    public enum Tls {
        /** Nobody. */
        OFF,
        /** The port itself, with the certificate of the server. */
        ON,
        /** A proxy in front of it. */
        PROXY
    }

    /** Returns the same with another token of operators. */
    public AdminPort withToken(AdminToken other) {
        return new AdminPort(other, metricsToken, hosts, tls, isApiOn, isConsoleOn);
    }

    /** Returns the same with another token of whoever reads the metrics. */
    public AdminPort withMetricsToken(AdminToken other) {
        return new AdminPort(token, other, hosts, tls, isApiOn, isConsoleOn);
    }

    /** Returns the same with other names. */
    public AdminPort withHosts(String others) {
        return new AdminPort(token, metricsToken, others, tls, isApiOn, isConsoleOn);
    }

    /** Returns whether the console is served. */
    public boolean hasConsole() {
        return isApiOn && isConsoleOn;
    }

    /** Returns whether {@code /metrics} needs a token. */
    public boolean guardsMetrics() {
        return token != null || metricsToken != null;
    }
}
