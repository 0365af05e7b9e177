package dev.rollcall.engine.embedded;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Keysets;
import dev.rollcall.engine.contract.EngineContract;
import dev.rollcall.engine.contract.EngineFixture;

/** The contract, kept by the embedded engine. */
class EmbeddedEngineTest extends EngineContract {
    @Override
    protected EngineFixture open(Keysets keysets, EngineListener listener) {
        return new EmbeddedFixture(keysets, listener);
    }
}
