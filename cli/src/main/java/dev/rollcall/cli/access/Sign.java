package dev.rollcall.cli.access;

import dev.rollcall.cli.base.Failure;
import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.Target;
import dev.rollcall.cli.output.Output;
import dev.rollcall.client.access.SignedUri;
import java.net.URI;

/** {@code sign}: the address of a request, signed. */
final class Sign {
    private Sign() {}

    static Verb verb() {
        return Verb.of(
                "sign",
                "Signs the address of a GET with the secret key. It is good for a minute. Asks no server.",
                Verb.Scope.CLIENT,
                syntax -> syntax.word("ADDRESS", "The address, or its path and query."),
                Sign::run);
    }

    private static int run(Invocation call) {
        Target target = Target.of(call);
        String text = call.word(0);
        URI uri;
        try {
            uri = URI.create(text.startsWith("/") ? target.url() + text : text);
        } catch (IllegalArgumentException e) {
            throw Failure.expected("ADDRESS", text, "one that is percent-encoded");
        }
        if (uri.getRawAuthority() == null) {
            throw Failure.expected("ADDRESS", text, "http://…, or a path such as /v2/presence/…");
        }
        String signed = SignedUri.get(
                        uri,
                        target.neededSecretKey(),
                        target.publishKey(),
                        call.around().clock().instant())
                .toString();
        if (call.output().isJson()) {
            call.output().json(Output.object().put("url", signed));
        } else {
            call.output().line(signed);
        }
        return Status.OK;
    }
}
