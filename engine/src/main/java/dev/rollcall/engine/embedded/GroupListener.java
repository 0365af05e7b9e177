package dev.rollcall.engine.embedded;

/** Wants to know when the channels of a group become others. */
interface GroupListener {
    /** The channels are others now. Called on any thread, with no lock held. */
    void groupChanged();
}
