package dev.rollcall.cli.user;

import dev.rollcall.cli.base.Failure;
import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.RawRequest;
import dev.rollcall.cli.context.Target;
import dev.rollcall.cli.output.Escape;
import dev.rollcall.cli.plain.PlainTransport;
import dev.rollcall.client.transport.TransportRequest;
import dev.rollcall.client.transport.TransportResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/** {@code leave}: somebody goes. A client leaves only where it is itself, so this asks without one. */
final class Leave {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private Leave() {}

    static Verb verb() {
        return Verb.of(
                "leave",
                "Has a user leave channels. A client of theirs that still runs brings them back.",
                Verb.Scope.CLIENT,
                syntax -> syntax.required("--as", "USER", "Who leaves.").words("CHANNEL", "The channels."),
                Leave::run);
    }

    private static int run(Invocation call) throws InterruptedException {
        Target target = Target.of(call);
        String user = call.text("--as", "");
        String path = "/v2/presence/sub-key/" + RawRequest.encoded(target.key()) + "/channel/"
                + call.words().stream().map(RawRequest::encoded).collect(Collectors.joining(",")) + "/leave?uuid="
                + RawRequest.encoded(user);
        TransportResponse answer;
        try (PlainTransport transport = new PlainTransport()) {
            answer = transport.send(request(RawRequest.uri(target, path))).get();
        } catch (ExecutionException e) {
            throw new Failure(
                    Status.UNREACHABLE,
                    "no answer from " + target.url()
                            + " (expected: a running server: rollcall serve starts one, --url names another)");
        }
        if (answer.status() != OK) {
            boolean refused = answer.status() == UNAUTHORIZED || answer.status() == FORBIDDEN;
            throw new Failure(
                    refused ? Status.REFUSED : Status.FAILED,
                    target.url() + " says: " + Escape.of(new String(answer.body(), StandardCharsets.UTF_8).strip()));
        }
        call.output().note(Escape.of(user) + " has left " + Escape.of(String.join(", ", call.words())));
        return Status.OK;
    }

    @SuppressWarnings("NullAway") // the body may be null, which the class file says where NullAway does not look
    private static TransportRequest request(URI uri) {
        return new TransportRequest("GET", uri, null, PATIENCE);
    }
}
