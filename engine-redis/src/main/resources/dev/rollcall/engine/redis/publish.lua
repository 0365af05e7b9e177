-- Puts a message into the feed of a channel.
--
-- KEYS[1]   last
-- KEYS[2]   the stream of the channel
-- KEYS[3…]  wildcards that cover it, see common.lua
-- ARGV[2]   channel
-- ARGV[3]   message
-- ARGV[4]   the most messages to keep
--
-- Returns when.

local us = tick(KEYS[1])
post_wildcards(3, #KEYS, us, ARGV[2], ARGV[3], ARGV[4])
post(KEYS[2], us, ARGV[3], ARGV[4])
return int(us)
