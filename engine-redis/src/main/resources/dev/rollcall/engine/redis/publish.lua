-- Puts a message into the feed of a channel.
--
-- KEYS[1]   last
-- KEYS[2]   the stream of the channel
-- KEYS[3…5] message-sizes, message-times and state-sizes of the keyset, see sizes.lua, where it may not keep as much as there is room for
-- and on    wildcards that cover it, see common.lua
-- ARGV[2]   channel
-- ARGV[3]   message
-- ARGV[4]   the most messages to keep
-- ARGV[5]   how many bytes of messages and states the keyset may keep, 0 for as many as there is room for
--
-- Returns when, or 0 where the keyset would keep too much.

local channel, message, most = ARGV[2], ARGV[3], tonumber(ARGV[4])
local wildcards = 3
if ARGV[5] ~= '0' then
  wildcards = 6
  local prefix, key = string.match(KEYS[2], '^(.-{%d+})messages:([^:]*):')
  count_for(prefix, key, tonumber(ARGV[5]))
end

-- How many channels or wildcards are forgotten for one message.
local MOST_FORGOTTEN = 64

-- Forgets what was published longest ago until there is room for so many bytes, channel by channel; returns whether there is.
local function make_room(bytes)
  local times = SIZES_PREFIX .. 'message-times:' .. SIZED_KEY
  for _ = 1, MOST_FORGOTTEN do
    local oldest = redis.call('ZRANGE', times, 0, 0, 'WITHSCORES')
    -- These have gone by themselves.
    local is_past = oldest[2] and tonumber(oldest[2]) < NOW_MILLIS - KEPT_MILLIS
    if not oldest[1] or not is_past and kept_bytes() + bytes <= MOST_KEPT then
      break
    end
    if not is_past then
      redis.call('UNLINK', SIZES_PREFIX .. oldest[1])
    end
    redis.call('ZREM', times, oldest[1])
    add_size('message-sizes:', oldest[1])
  end
  return kept_bytes() + bytes <= MOST_KEPT
end

-- Counts a message that a stream is about to have, and does not count those any more that it drops for it.
local function count_message(stream, bytes)
  local name = string.sub(stream, #SIZES_PREFIX + 1)
  local length = redis.call('XLEN', stream)
  if length == 0 then
    add_size('message-sizes:', name)
  elseif length >= most then
    for _, entry in ipairs(redis.call('XRANGE', stream, '-', '+', 'COUNT', int(length + 1 - most))) do
      bytes = bytes - #entry[2][2] - MESSAGE
    end
  end
  add_size('message-sizes:', name, bytes)
  redis.call('ZADD', SIZES_PREFIX .. 'message-times:' .. SIZED_KEY, int(NOW_MILLIS), name)
  for _, kind in ipairs({ 'message-times:', 'message-sizes:' }) do
    redis.call('PEXPIRE', SIZES_PREFIX .. kind .. SIZED_KEY, KEPT_MILLIS)
  end
end

if MOST_KEPT > 0 then
  local streams = { KEYS[2] }
  for i = wildcards, #KEYS, 2 do
    if redis.call('EXISTS', KEYS[i]) == 1 then
      streams[#streams + 1] = KEYS[i + 1]
    end
  end
  local bytes = #message + MESSAGE
  -- Under a wildcard its channel goes with it.
  local copied = bytes + #channel + #tostring(#channel) + 1
  if not make_room(bytes + (#streams - 1) * copied) then
    return '0'
  end
  for i, stream in ipairs(streams) do
    count_message(stream, i == 1 and bytes or copied)
  end
end

local us = tick(KEYS[1])
post_wildcards(wildcards, #KEYS, us, channel, message, most)
post(KEYS[2], us, message, most)
return int(us)
