-- Notes that a node is there, and tells which are. Nodes that have said nothing for a while are forgotten.
--
-- KEYS[1]  nodes       hash  node -> what it says of itself
-- KEYS[2]  nodes-seen  zset  node -> when it last did, milliseconds
-- ARGV[2]  node, empty to say nothing
-- ARGV[3]  what it says, empty for it goes
-- ARGV[4]  for how long a node is remembered, milliseconds
-- ARGV[5]  the most nodes
--
-- Returns what time it is, milliseconds, and, where the caller says nothing, each node with when it last said something and what.

local node, memory = ARGV[2], tonumber(ARGV[4])
if node == '' then
  local answer = {NOW_MILLIS}
  local seen = redis.call('ZRANGE', KEYS[2], int(NOW_MILLIS - memory), '+inf', 'BYSCORE', 'WITHSCORES')
  for i = 1, #seen, 2 do
    answer[#answer + 1] = seen[i]
    answer[#answer + 1] = int(tonumber(seen[i + 1]))
    answer[#answer + 1] = redis.call('HGET', KEYS[1], seen[i]) or ''
  end
  return answer
end
local gone = redis.call('ZRANGE', KEYS[2], '-inf', int(NOW_MILLIS - memory), 'BYSCORE')
if ARGV[3] == '' then
  gone[#gone + 1] = node
elseif redis.call('ZSCORE', KEYS[2], node) or redis.call('ZCARD', KEYS[2]) - #gone < tonumber(ARGV[5]) then
  redis.call('HSET', KEYS[1], node, ARGV[3])
  redis.call('ZADD', KEYS[2], int(NOW_MILLIS), node)
end
for _, name in ipairs(gone) do
  if name ~= node or ARGV[3] == '' then
    redis.call('ZREM', KEYS[2], name)
    redis.call('HDEL', KEYS[1], name)
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return {NOW_MILLIS}
