package dev.rollcall.server.admin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the endpoint of a path. A literal segment comes before a variable one. Immutable. */
final class EndpointTable {
    private final List<Endpoint> endpoints;

    EndpointTable(List<Endpoint> endpoints) {
        this.endpoints = List.copyOf(endpoints);
    }

    /**
     * An endpoint and the variable segments of the path that led there.
     *
     * @param endpoint the endpoint
     * @param variables by name, decoded
     */
    record Match(Endpoint endpoint, Map<String, String> variables) {}

    List<Endpoint> all() {
        return endpoints;
    }

    /**
     * Returns what a path below {@code /admin/v1} leads to.
     *
     * @throws AdminException 404 if to nothing, 405 if only by other methods
     */
    Match find(String method, String rawPath) {
        String[] segments = rawPath.startsWith("/") ? rawPath.substring(1).split("/", -1) : new String[] {rawPath};
        Endpoint best = null;
        var methods = new TreeSet<String>();
        for (Endpoint endpoint : endpoints) {
            if (matches(endpoint.segments(), segments)) {
                methods.add(endpoint.method());
                if (endpoint.method().equals(method) && isBetter(endpoint, best)) {
                    best = endpoint;
                }
            }
        }
        if (best == null && methods.isEmpty()) {
            throw new AdminException(404, "no such path", "one of those in /admin/v1/openapi.json");
        }
        if (best == null) {
            String allowed = String.join(", ", methods);
            throw new AdminException(405, "method: " + method, allowed, Map.of("Allow", allowed));
        }
        return new Match(best, variables(best.segments(), segments));
    }

    private static boolean matches(String[] pattern, String[] segments) {
        if (pattern.length != segments.length) {
            return false;
        }
        for (int i = 0; i < pattern.length; i++) {
            if (isVariable(pattern[i]) ? segments[i].isEmpty() : !pattern[i].equals(segments[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBetter(Endpoint endpoint, @Nullable Endpoint than) {
        return than == null || variableCount(endpoint) < variableCount(than);
    }

    private static int variableCount(Endpoint endpoint) {
        int count = 0;
        for (String segment : endpoint.segments()) {
            count += isVariable(segment) ? 1 : 0;
        }
        return count;
    }

    private static Map<String, String> variables(String[] pattern, String[] segments) {
        var variables = new HashMap<String, String>();
        for (int i = 0; i < pattern.length; i++) {
            if (isVariable(pattern[i])) {
                variables.put(pattern[i].substring(1, pattern[i].length() - 1), PathText.decode(segments[i], false));
            }
        }
        return variables;
    }

    static boolean isVariable(String segment) {
        return segment.startsWith("{");
    }

    /** Returns the names of the variable segments of an endpoint. */
    static List<String> variables(Endpoint endpoint) {
        List<String> names = new ArrayList<>();
        for (String segment : endpoint.segments()) {
            if (isVariable(segment)) {
                names.add(segment.substring(1, segment.length() - 1));
            }
        }
        return names;
    }
}
