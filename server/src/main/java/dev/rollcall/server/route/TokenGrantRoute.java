package dev.rollcall.server.route;

import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.Operation;
import dev.rollcall.server.access.TokenGrants;

/** Tokens: {@code POST /v3/pam/{key}/grant} makes one, {@code DELETE /v3/pam/{key}/grant/{token}} revokes it. */
final class TokenGrantRoute implements Route {
    private static final int KEY = 2;
    private static final int GRANT = 3;
    private static final int TOKEN = 4;

    private final Gateway gateway;
    private final TokenGrants grants;

    TokenGrantRoute(Gateway gateway, TokenGrants grants) {
        this.gateway = gateway;
        this.grants = grants;
    }

    @Override
    public void serve(Call call) {
        Path path = call.path;
        if (!path.is(GRANT, "grant") || path.size() > TOKEN + 1) {
            throw Router.notFound();
        }
        boolean revoke = path.size() == TOKEN + 1;
        call.is(revoke ? Operation.REVOKE_TOKEN : Operation.GRANT_TOKEN);
        String method = revoke ? "DELETE" : "POST";
        if (!call.request.method().equals(method)) {
            throw new MethodNotAllowedException(method);
        }
        SubscribeKey key = gateway.key(call, KEY);
        if (revoke) {
            call.respondWhen(grants.revoke(key, path.segment(TOKEN), call.signedParts()), KeyGrantRoute::response);
        } else {
            call.respond(KeyGrantRoute.response(grants.grant(key, call.signedParts())));
        }
    }
}
