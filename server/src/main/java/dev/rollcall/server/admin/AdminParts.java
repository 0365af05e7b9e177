package dev.rollcall.server.admin;

import dev.rollcall.engine.Engine;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.server.config.ConfigOrigin;
import dev.rollcall.server.config.KeysetRegistry;
import dev.rollcall.server.metrics.CachedCounts;
import dev.rollcall.server.metrics.ServerMetrics;
import dev.rollcall.server.metrics.Vitals;
import dev.rollcall.server.operator.Door;
import java.util.function.Supplier;

/**
 * What the admin port shows, and works on.
 *
 * @param engine the engine
 * @param engineName its name in the configuration
 * @param counts what the engine holds, give or take a moment
 * @param keysets the keysets there are
 * @param metrics what the server counts
 * @param memory what is held for clients
 * @param vitals how far behind the moving parts are
 * @param daemons the threads of the server
 * @param door who may operate
 * @param time the engine's clocks
 * @param origin returns where what is in force was said
 */
public record AdminParts(
        Engine engine,
        String engineName,
        CachedCounts counts,
        KeysetRegistry keysets,
        ServerMetrics metrics,
        MemoryBudget memory,
        Vitals vitals,
        Daemons daemons,
        Door door,
        EngineTime time,
        Supplier<ConfigOrigin> origin) {}
