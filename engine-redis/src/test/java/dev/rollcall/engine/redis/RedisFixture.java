package dev.rollcall.engine.redis;

import dev.rollcall.engine.Engine;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Keysets;
import dev.rollcall.engine.contract.EngineFixture;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.redis.link.Lane;
import dev.rollcall.engine.redis.link.Link;
import dev.rollcall.protocol.SubscribeKey;
import io.lettuce.core.ScoredValue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;

/** The Redis engine under a clock moved by hand, which the scripts go by too. */
final class RedisFixture implements EngineFixture {
    private static final long STEP_MILLIS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ManualTime time = new ManualTime();
    private final RedisOptions options;
    private final RedisEngine engine;
    private final Link link;
    private final Runnable fault;

    RedisFixture(RedisOptions options, Keysets keysets, EngineListener listener) {
        this(options, keysets, listener, () -> {});
    }

    /** Makes one in which {@code fault} happens whenever all is quiet. */
    RedisFixture(RedisOptions options, Keysets keysets, EngineListener listener, Runnable fault) {
        this.fault = fault;
        this.options = options.withOutagePatience(Duration.ZERO);
        link = Link.open(options.link(), new NewsDesk(Runnable::run));
        for (int partition : link.oneOfEach()) {
            on(link.call(partition, Lane.UPKEEP, 0, commands -> commands.flushall()));
        }
        engine = new RedisEngine(
                this.options,
                keysets,
                new NodeThreads(new Daemons(System::nanoTime), "redis", time),
                listener,
                ScriptListener.NONE,
                time);
    }

    @Override
    public Engine engine() {
        return engine;
    }

    ManualTime time() {
        return time;
    }

    @Override
    public long epochMillis() {
        return time.epochMillis();
    }

    @Override
    public void advance(Duration period) {
        settle();
        long left = period.toMillis();
        while (left > 0) {
            // The steps in which nothing is due are taken as one.
            long idle = Math.max(1, millisToNext());
            long step = Math.min(left, (idle + STEP_MILLIS - 1) / STEP_MILLIS * STEP_MILLIS);
            time.advance(Duration.ofMillis(step));
            left -= step;
            settle();
        }
    }

    private long millisToNext() {
        long next = engine.nextMoment();
        long millis = next == Long.MAX_VALUE ? next : next - time.monotonicMillis();
        for (int partition = 0; partition < options.partitions(); partition++) {
            for (String set : List.of("due", "intervals")) {
                byte[] key = Names.bytes(options.prefix() + "{" + partition + "}" + set);
                List<ScoredValue<byte[]>> found =
                        on(link.call(partition, Lane.UPKEEP, 0, commands -> commands.zrangeWithScores(key, 0, 0)));
                for (ScoredValue<byte[]> first : found) {
                    millis = Math.min(millis, (long) first.getScore() - time.epochMillis());
                }
            }
        }
        return millis == Long.MAX_VALUE ? Long.MAX_VALUE / 2 : millis;
    }

    @Override
    public void jump(Duration period) {
        settle();
        time.advance(period);
        settle();
    }

    @Override
    public void settle() {
        settleOnce();
        fault.run();
        // A connection that was cut is found out when it is used.
        await(() -> {
            link.maintain();
            engine.repair();
            return succeeds(engine.runDue())
                    && succeeds(engine.groups(new SubscribeKey("nobody")))
                    && link.isWell()
                    && engine.isReady();
        });
        settleOnce();
    }

    private void settleOnce() {
        long before;
        do {
            before = engine.effects();
            becomeIdle();
            await(() -> succeeds(engine.runDue()));
            for (int partition : engine.followed()) {
                await(() -> {
                    CompletableFuture<Long> told = engine.fence(partition);
                    return succeeds(told) && reaches(partition, told.join());
                });
            }
            becomeIdle();
        } while (engine.effects() != before);
    }

    /** Waits until two looks in a row find nothing on its way. */
    private void becomeIdle() {
        await(() -> {
            if (!engine.isIdle()) {
                engine.repair();
            }
            long before = engine.effects();
            return engine.isIdle() && engine.isIdle() && engine.effects() == before;
        });
    }

    /** Waits for a fact that is most often true already. */
    private static void await(Callable<Boolean> fact) {
        Awaitility.await("the engine settles")
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofNanos(50_000))
                .atMost(PATIENCE)
                .until(fact);
    }

    /** Returns whether the news of a fence comes, soon: where it does not, its connection was lost, and another fence will. */
    private boolean reaches(int partition, long told) {
        for (int look = 0; look < 20_000 && engine.known(partition) < told; look++) {
            Thread.onSpinWait();
        }
        if (engine.known(partition) >= told) {
            return true;
        }
        engine.repair();
        return false;
    }

    private static boolean succeeds(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("the engine did not answer", e);
        }
    }

    private static <T> T on(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the engine did not answer", e);
        }
    }

    @Override
    public void close() {
        engine.close();
        link.close();
    }
}
