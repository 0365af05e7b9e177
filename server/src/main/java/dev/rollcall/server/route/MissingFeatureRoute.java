package dev.rollcall.server.route;

import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.Response.Kind;
import dev.rollcall.server.metrics.MissingFeature;
import dev.rollcall.server.metrics.RequestMetrics;
import org.jspecify.annotations.Nullable;

/**
 * What the hosted service has and Rollcall does not: refused, whatever the method and the key, as the hosted service refuses a feature that
 * is not switched on, in a text that names it.
 */
final class MissingFeatureRoute {
    private final RequestMetrics metrics;

    MissingFeatureRoute(RequestMetrics metrics) {
        this.metrics = metrics;
    }

    /** Returns the feature that a path asks for, or null if no such feature is known. */
    static @Nullable MissingFeature of(Path path) {
        int service = path.is(0, "v1") || path.is(0, "v2") || path.is(0, "v3") ? 1 : 0;
        if (path.is(service, "history") && path.size() > service + 1 || path.is(service, "history-with-actions")) {
            return MissingFeature.HISTORY;
        }
        if (service == 0) {
            return null;
        }
        if (path.is(1, "message-actions")) {
            return MissingFeature.MESSAGE_ACTIONS;
        }
        if (path.is(1, "files")) {
            return MissingFeature.FILES;
        }
        if (path.is(1, "objects")) {
            return MissingFeature.OBJECTS;
        }
        if (path.is(1, "push")) {
            return MissingFeature.PUSH;
        }
        if (path.is(1, "blocks")) {
            return MissingFeature.FUNCTIONS;
        }
        return path.is(1, "events-and-actions") ? MissingFeature.EVENTS_AND_ACTIONS : null;
    }

    void refuse(Call call, MissingFeature feature) {
        metrics.missing(feature);
        ErrorCode code = ErrorCode.NO_SUCH_FEATURE;
        // One client reads "message", another "error_message" of the history service.
        String text = "Use of the " + feature.text() + " API requires " + feature.text()
                + ", which is not enabled for this subscribe key: Rollcall has no " + feature.text();
        JsonWriter out = new JsonWriter(320);
        out.raw("{\"status\":")
                .number(code.status())
                .raw(",\"error\":true,\"message\":")
                .string(text);
        out.raw(",\"error_message\":")
                .string(text)
                .raw(",\"service\":")
                .string(feature.text())
                .raw('}');
        call.respond(new Response(code.status(), Kind.FEED, out.toByteArray()));
    }
}
