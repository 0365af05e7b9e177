package dev.rollcall.server.admin;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One thing that the API does. The routes and their description are made of the same list of these. Immutable.
 *
 * @param method the HTTP method
 * @param path the path below {@code /admin/v1}, with a name in braces for each variable segment
 * @param summary what it does, in one sentence
 * @param parameters what its query may have
 * @param body what is sent with it, or null if nothing is
 * @param isChange whether it changes something, which takes more than a form can send
 * @param answer what it answers; null if it streams
 * @param action does it
 */
record Endpoint(
        String method,
        String path,
        String summary,
        List<Parameter> parameters,
        @Nullable Body body,
        boolean isChange,
        @Nullable Shape answer,
        Action action) {
    /** Does what was asked for. Called on a thread that may take its time. */
    @FunctionalInterface
    interface Action {
        /** Returns the body of the answer, or null if it is answered otherwise. May fail, or throw, as engines do. */
        CompletionStage<byte @Nullable []> run(AdminCall call);
    }

    /**
     * What is sent.
     *
     * @param mediaType its type
     * @param shape what it looks like
     */
    record Body(String mediaType, Shape shape) {}

    static Endpoint get(String path, String summary, Shape answer, Action action, Parameter... parameters) {
        return new Endpoint("GET", path, summary, List.of(parameters), null, false, answer, action);
    }

    static Endpoint stream(String path, String summary, Action action, Parameter... parameters) {
        return new Endpoint("GET", path, summary, List.of(parameters), null, false, null, action);
    }

    /** Makes one that changes something. */
    static Endpoint change(
            String method, String path, String summary, @Nullable Shape body, Shape answer, Action action) {
        return new Endpoint(
                method,
                path,
                summary,
                List.of(),
                body == null ? null : new Body("application/json", body),
                true,
                answer,
                action);
    }

    /** Makes one that is sent a text and changes nothing. */
    static Endpoint check(
            String path, String summary, String mediaType, Shape answer, Action action, Parameter... parameters) {
        return new Endpoint(
                "POST",
                path,
                summary,
                List.of(parameters),
                new Body(mediaType, new Shape.Text("", "")),
                false,
                answer,
                action);
    }

    String[] segments() {
        return path.substring(1).split("/", -1);
    }
}
