package dev.rollcall.sdktests.kotlin

import com.google.gson.GsonBuilder
import com.google.gson.JsonElement
import com.google.gson.ToNumberPolicy

/** Turns the SDK's JSON trees into the values of the suite. */
internal object JsonValues {
    private val GSON = GsonBuilder().setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE).create()

    fun value(tree: JsonElement): Any = GSON.fromJson(tree, Any::class.java)

    /** Returns the object [tree], empty if there is none. */
    fun map(tree: JsonElement?): Map<String, Any> =
        if (tree != null && tree.isJsonObject) {
            tree.asJsonObject.entrySet().associate { it.key to value(it.value) }
        } else {
            mapOf()
        }

    /**
     * Returns states by channel. Asked for several channels or groups, the SDK hands out the whole payload, whose one key is then
     * `channels`, instead of looking into it.
     */
    fun states(answer: Map<String, JsonElement>): Map<String, Map<String, Any>> {
        val nested = answer["channels"]
        val states = if (answer.size == 1 && nested != null) nested.asJsonObject.asMap() else answer
        return states.mapValues { map(it.value) }
    }
}
