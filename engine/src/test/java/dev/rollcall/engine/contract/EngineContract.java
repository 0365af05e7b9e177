package dev.rollcall.engine.contract;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Keysets;
import org.junit.jupiter.api.Nested;

/** What every engine must do. A test class of each engine extends it and says how an engine is opened. */
public abstract class EngineContract {
    /** Opens an engine without anything in it. */
    protected abstract EngineFixture open(Keysets keysets, EngineListener listener);

    @Nested
    class Presence extends PresenceContract {
        @Override
        EngineFixture open(Keysets keysets, EngineListener listener) {
            return EngineContract.this.open(keysets, listener);
        }
    }

    @Nested
    class Leave extends LeaveContract {
        @Override
        EngineFixture open(Keysets keysets, EngineListener listener) {
            return EngineContract.this.open(keysets, listener);
        }
    }

    @Nested
    class Disconnect extends DisconnectContract {
        @Override
        EngineFixture open(Keysets keysets, EngineListener listener) {
            return EngineContract.this.open(keysets, listener);
        }
    }

    @Nested
    class Events extends EventsContract {
        @Override
        EngineFixture open(Keysets keysets, EngineListener listener) {
            return EngineContract.this.open(keysets, listener);
        }
    }

    @Nested
    class Interval extends IntervalContract {
        @Override
        EngineFixture open(Keysets keysets, EngineListener listener) {
            return EngineContract.this.open(keysets, listener);
        }
    }

    @Nested
    class State extends StateContract {
        @Override
        EngineFixture open(Keysets keysets, EngineListener listener) {
            return EngineContract.this.open(keysets, listener);
        }
    }

    @Nested
    class HereNow extends HereNowContract {
        @Override
        EngineFixture open(Keysets keysets, EngineListener listener) {
            return EngineContract.this.open(keysets, listener);
        }
    }

    @Nested
    class Wildcard extends WildcardContract {
        @Override
        EngineFixture open(Keysets keysets, EngineListener listener) {
            return EngineContract.this.open(keysets, listener);
        }
    }

    @Nested
    class Group extends GroupContract {
        @Override
        EngineFixture open(Keysets keysets, EngineListener listener) {
            return EngineContract.this.open(keysets, listener);
        }
    }

    @Nested
    class Feed extends FeedContract {
        @Override
        EngineFixture open(Keysets keysets, EngineListener listener) {
            return EngineContract.this.open(keysets, listener);
        }
    }

    @Nested
    class Poll extends PollContract {
        @Override
        EngineFixture open(Keysets keysets, EngineListener listener) {
            return EngineContract.this.open(keysets, listener);
        }
    }

    @Nested
    class Cause extends CauseContract {
        @Override
        EngineFixture open(Keysets keysets, EngineListener listener) {
            return EngineContract.this.open(keysets, listener);
        }
    }

    @Nested
    class Stream extends StreamContract {
        @Override
        EngineFixture open(Keysets keysets, EngineListener listener) {
            return EngineContract.this.open(keysets, listener);
        }
    }

    @Nested
    class Kick extends KickContract {
        @Override
        EngineFixture open(Keysets keysets, EngineListener listener) {
            return EngineContract.this.open(keysets, listener);
        }
    }

    @Nested
    class Explain extends ExplainContract {
        @Override
        EngineFixture open(Keysets keysets, EngineListener listener) {
            return EngineContract.this.open(keysets, listener);
        }
    }

    @Nested
    class Directory extends DirectoryContract {
        @Override
        EngineFixture open(Keysets keysets, EngineListener listener) {
            return EngineContract.this.open(keysets, listener);
        }
    }

    @Nested
    class Limit extends LimitContract {
        @Override
        protected EngineFixture open(Keysets keysets, EngineListener listener) {
            return EngineContract.this.open(keysets, listener);
        }
    }
}
