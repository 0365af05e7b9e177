package dev.rollcall.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.Response.Kind;
import dev.rollcall.server.operator.Door;
import dev.rollcall.server.operator.NotAdmittedException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sessions, for browsers: whoever gives the token once gets a cookie that stands for it. */
final class SessionRoutes {
    private static final Logger audit = LoggerFactory.getLogger(UserRoutes.AUDIT);

    private static final Shape SESSION = Shape.object(
            Shape.flag("needed", "Whether the API needs a token or a session at all."),
            Shape.flag("open", "Whether this request has what it needs."));

    private final Door door;

    private final Runnable afterEnd;

    /** Makes routes that have {@code afterEnd} run when a session was ended. */
    SessionRoutes(Door door, Runnable afterEnd) {
        this.door = door;
        this.afterEnd = afterEnd;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/session", "Whether the API is open to this client.", SESSION, this::show),
                Endpoint.change(
                        "POST",
                        "/session",
                        "Opens a session, whose cookie stands for the token for 12 hours after its last use.",
                        Shape.object(Shape.text("token", "The admin-token.")),
                        SESSION,
                        this::open),
                Endpoint.change("DELETE", "/session", "Ends the session of this client.", null, SESSION, this::close));
    }

    private CompletionStage<byte @Nullable []> show(AdminCall call) {
        boolean isOpen;
        try {
            door.admit(call.request());
            isOpen = true;
        } catch (NotAdmittedException e) {
            if (e.status() == 429) {
                throw e;
            }
            isOpen = false;
        }
        return AdminApi.done(body(isOpen));
    }

    private CompletionStage<byte @Nullable []> open(AdminCall call) {
        JsonNode body = Bodies.object(call.request(), List.of("token"));
        JsonNode token = body.path("token");
        if (!token.isTextual()) {
            throw new AdminException(400, "token: none", "the admin-token, as text");
        }
        String cookie = door.open(call.request(), token.textValue());
        audit.info("session opened address={}", call.request().client().getHostAddress());
        call.exchange().respond(new Response(200, Kind.ADMIN, body(true), Map.of("Set-Cookie", cookie)));
        return AdminApi.answered();
    }

    private CompletionStage<byte @Nullable []> close(AdminCall call) {
        String cookie = door.close(call.request());
        afterEnd.run();
        call.exchange().respond(new Response(200, Kind.ADMIN, body(!door.isLocked()), Map.of("Set-Cookie", cookie)));
        return AdminApi.answered();
    }

    private byte[] body(boolean isOpen) {
        return JsonOut.object(json -> json.flag("needed", door.isLocked()).flag("open", isOpen));
    }
}
