package dev.rollcall.testkit;

import dev.rollcall.server.emulator.fault.Faults;
import java.net.URI;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives tests a {@link RollcallTestServer}: by {@link RollcallTest}, or in a field, where {@link #of} takes a server that is more than the
 * annotation can say:
 *
 * <pre>{@code static final RollcallExtension rollcall = RollcallExtension.of(RollcallTestServer.builder()
 *         .keyset(keyset -> keyset.presence(presence -> presence.announceMax(2))));}</pre>
 *
 * <p>The field is marked with {@link org.junit.jupiter.api.extension.RegisterExtension}.
 */
public final class RollcallExtension
        implements BeforeEachCallback, AfterTestExecutionCallback, AfterEachCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(RollcallExtension.class);
    private static final String CLIENT = "dev.rollcall.client.RollcallClient";
    private static final String TIMELINE = "rollcall.timeline";

    /** What makes the server, or null if an annotation says it. */
    private final RollcallTestServer.@Nullable Builder builder;

    /** For JUnit: the annotation of the test class says what the server is like. */
    public RollcallExtension() {
        this(null);
    }

    private RollcallExtension(RollcallTestServer.@Nullable Builder builder) {
        this.builder = builder;
    }

    /** Makes an extension that starts a server of its own with the first test of the class, and stops it after the last. */
    public static RollcallExtension of(RollcallTestServer.Builder builder) {
        return new RollcallExtension(builder);
    }

    /** A server in a store of JUnit, which closes it. JUnit 5.12 knows this interface only, later versions the other one too. */
    private static final class Held implements Store.CloseableResource, AutoCloseable {
        final RollcallTestServer server;

        Held(RollcallTestServer server) {
            this.server = server;
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /** The clients of one test. */
    private static final class Opened implements Store.CloseableResource, AutoCloseable {
        private final Deque<Runnable> closers = new ArrayDeque<>();

        @Override
        public void close() {
            while (!closers.isEmpty()) {
                closers.pop().run();
            }
        }
    }

    /** What names a server that is shared. */
    private record Kind(ClockMode clock, String startAt, String config) {}

    @Override
    public void beforeEach(ExtensionContext context) {
        server(context).reset();
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        boolean failed = context.getExecutionException().isPresent();
        String when = context.getConfigurationParameter(TIMELINE).orElse(System.getProperty(TIMELINE, "failed"));
        if (failed && !when.equals("never") || when.equals("always")) {
            System.err.println(context.getDisplayName() + ": " + server(context).timeline());
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Opened opened = context.getStore(NAMESPACE).remove(Opened.class, Opened.class);
        if (opened != null) {
            opened.close();
        }
    }

    private RollcallTestServer server(ExtensionContext context) {
        RollcallTestServer.Builder own = builder;
        if (own != null) {
            // For the outermost class that has the field, with its nested ones.
            ExtensionContext scope = classOf(context);
            return server(scope, this, own::start);
        }
        RollcallTest test = annotation(context);
        Kind kind = new Kind(test.clock(), test.startAt(), test.config());
        if (test.shared()) {
            return server(context.getRoot(), kind, () -> start(kind));
        }
        if (context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException("a server that is not shared belongs to a test method (expected:"
                    + " parameters of test methods, @BeforeEach or @AfterEach; or shared = true)");
        }
        return server(context, kind, () -> start(kind));
    }

    private static RollcallTestServer server(ExtensionContext scope, Object key, Supplier<RollcallTestServer> start) {
        Held held = scope.getStore(NAMESPACE).getOrComputeIfAbsent(key, missing -> new Held(start.get()), Held.class);
        return held.server;
    }

    private static ExtensionContext classOf(ExtensionContext context) {
        ExtensionContext scope = context;
        while (scope.getTestMethod().isPresent() && scope.getParent().isPresent()) {
            scope = scope.getParent().get();
        }
        return scope;
    }

    private static RollcallTest annotation(ExtensionContext context) {
        for (Class<?> type = context.getRequiredTestClass(); type != null; type = type.getEnclosingClass()) {
            var found = AnnotationSupport.findAnnotation(type, RollcallTest.class);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new ExtensionConfigurationException(
                "RollcallExtension: " + context.getRequiredTestClass().getName()
                        + " has no @RollcallTest (expected: that, or a field made by RollcallExtension.of)");
    }

    private static RollcallTestServer start(Kind kind) {
        RollcallTestServer.Builder made = RollcallTestServer.builder().clock(kind.clock);
        if (!kind.config.isEmpty()) {
            made.config(kind.config);
        }
        if (!kind.startAt.isEmpty()) {
            try {
                made.startingAt(Instant.parse(kind.startAt));
            } catch (DateTimeParseException e) {
                throw new ExtensionConfigurationException(
                        "startAt: " + kind.startAt + " (expected: a moment such as 2026-03-01T12:00:00Z)", e);
            }
        }
        return made.start();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (parameter.isAnnotated(RollcallUser.class)) {
            return type == TestUser.class || type.getName().equals(CLIENT);
        }
        return type == RollcallTestServer.class
                || type == TestClock.class
                || type == Timeline.class
                || type == Faults.class
                || type == URI.class
                || type == String.class && parameter.isAnnotated(RollcallOrigin.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        RollcallTestServer server = server(context);
        Class<?> type = parameter.getParameter().getType();
        var user = parameter.findAnnotation(RollcallUser.class);
        if (user.isPresent()) {
            String id = user.get().value();
            return type == TestUser.class ? server.user(id) : connect(context, server, id);
        }
        if (type == TestClock.class) {
            return server.clock();
        }
        if (type == Timeline.class) {
            return server.timeline();
        }
        if (type == Faults.class) {
            return server.faults();
        }
        if (type == URI.class) {
            return server.uri();
        }
        return type == String.class ? server.origin() : server;
    }

    private static Object connect(ExtensionContext context, RollcallTestServer server, String id) {
        if (context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException(
                    "a client belongs to a test (expected: a parameter of a test method)");
        }
        Clients.Connected connected = Clients.connect(server, id);
        context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(Opened.class, missing -> new Opened(), Opened.class)
                .closers
                .push(connected.close());
        return connected.client();
    }
}
