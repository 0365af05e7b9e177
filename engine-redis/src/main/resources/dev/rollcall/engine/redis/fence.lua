-- Lets those who follow a partition know that they have heard everything up to a time.
--
-- KEYS[1]  last
-- ARGV[2]  the least time wanted
-- ARGV[3]  topic
--
-- Returns that time.

local us = fence(KEYS[1], tonumber(ARGV[2]))
redis.call('SPUBLISH', ARGV[3], int(us) .. '0')
return int(us)
