package dev.rollcall.server.route;

import dev.rollcall.engine.Engine;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.server.access.AccessControl;
import dev.rollcall.server.access.AccessGate;
import dev.rollcall.server.config.KeysetRegistry;
import dev.rollcall.server.http.Exchange;
import dev.rollcall.server.http.Handler;
import dev.rollcall.server.http.Request;
import dev.rollcall.server.limit.ClientLimits;
import dev.rollcall.server.metrics.MissingFeature;
import dev.rollcall.server.metrics.RequestMetrics;

/** Finds the route of every request by its first path segments, and turns what a route throws into an answer. */
public final class Router implements Handler {
    private final RequestMetrics metrics;
    private final ClientLimits limits;
    private final Route presence;
    private final Route subscribe;
    private final Route legacySubscribe;
    private final Route groups;
    private final PublishRoute publish;
    private final Route time;
    private final Route keyGrants;
    private final Route tokenGrants;
    private final MissingFeatureRoute missingFeatures;

    /** Makes a router in front of {@code engine}, behind an Access Manager. */
    public Router(
            Engine engine, KeysetRegistry keysets, AccessControl access, ClientLimits limits, RequestMetrics metrics) {
        this(engine, keysets, access, access, limits, metrics);
    }

    /** Makes a router in front of {@code engine}, behind another gate, where nobody can grant. */
    Router(Engine engine, KeysetRegistry keysets, AccessGate access, ClientLimits limits, RequestMetrics metrics) {
        this(
                engine,
                keysets,
                access,
                AccessControl.inMemory(key -> null, MemoryBudget.unlimited(), System::currentTimeMillis, Runnable::run),
                limits,
                metrics);
    }

    private Router(
            Engine engine,
            KeysetRegistry keysets,
            AccessGate access,
            AccessControl grants,
            ClientLimits limits,
            RequestMetrics metrics) {
        Gateway gateway = new Gateway(engine, keysets, access, limits);
        this.limits = limits;
        this.metrics = metrics;
        presence = new PresenceRoute(gateway);
        Subscriptions subscriptions = new Subscriptions(gateway);
        subscribe = new SubscribeRoute(gateway, subscriptions, metrics);
        legacySubscribe = new LegacySubscribeRoute(gateway, subscriptions, metrics);
        groups = new GroupRoute(gateway);
        publish = new PublishRoute(gateway);
        time = new TimeRoute(gateway);
        keyGrants = new KeyGrantRoute(gateway, grants.keyGrants());
        tokenGrants = new TokenGrantRoute(gateway, grants.tokenGrants());
        missingFeatures = new MissingFeatureRoute(metrics);
    }

    @Override
    public void handle(Request request, Exchange exchange) {
        Call call = new Call(request, exchange, metrics);
        try {
            limits.request(request.client());
            route(call.path).serve(call);
        } catch (RuntimeException | Error e) {
            call.fail(e);
        }
    }

    private Route route(Path path) {
        if (path.is(0, "v2")) {
            if (path.is(1, "presence")) {
                return presence;
            }
            if (path.is(1, "subscribe")) {
                return subscribe;
            }
            if (path.is(1, "publish")) {
                return publish::servePost;
            }
            if (path.is(1, "auth")) {
                return keyGrants;
            }
        } else if (path.is(0, "v1")) {
            if (path.is(1, "channel-registration")) {
                return groups;
            }
        } else if (path.is(0, "v3")) {
            if (path.is(1, "pam")) {
                return tokenGrants;
            }
        } else if (path.is(0, "publish")) {
            return publish::servePublish;
        } else if (path.is(0, "signal")) {
            return publish::serveSignal;
        } else if (path.is(0, "time")) {
            return time;
        } else if (path.is(0, "subscribe")) {
            return legacySubscribe;
        }
        MissingFeature feature = MissingFeatureRoute.of(path);
        if (feature != null) {
            return call -> missingFeatures.refuse(call, feature);
        }
        throw notFound();
    }

    static ProtocolException notFound() {
        return new ProtocolException(ErrorCode.NOT_FOUND);
    }
}
