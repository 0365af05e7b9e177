package dev.rollcall.server.signal;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGHUP, on which files are read again. A process has one handler of a signal, so whoever wants to hear of it shares this one. Safe from
 * any thread.
 */
public final class Hangup {
    private static final Logger log = LoggerFactory.getLogger(Hangup.class);
    private static final List<Runnable> ACTIONS = new CopyOnWriteArrayList<>();
    private static boolean isWatched;

    private Hangup() {}

    /** Has {@code action}, which must not block, run on SIGHUP, until what is returned is run. */
    public static Runnable listen(Runnable action) {
        ACTIONS.add(action);
        watch();
        return () -> ACTIONS.remove(action);
    }

    /** Signals have no supported API: this one is found at run time, and where it is not, the files' times have to do. */
    private static synchronized void watch() {
        if (isWatched) {
            return;
        }
        isWatched = true;
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object runner = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getDeclaringClass() == Object.class) {
                            return method.invoke(ACTIONS, arguments);
                        }
                        ACTIONS.forEach(Runnable::run);
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), runner);
        } catch (ReflectiveOperationException | RuntimeException e) {
            log.debug("SIGHUP is not watched", e);
        }
    }
}
