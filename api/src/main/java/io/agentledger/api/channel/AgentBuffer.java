package io.agentledger.api.channel;

/**
 * Rules for calls of the agent: messages within the quiet time become one call.
 *
 * @param quietSeconds [0..60] time after the last message of the contact
 * @param maxWaitSeconds [0..300] time after the first message
 * @param history [0..200] number of earlier messages that a call contains
 * @param windowMinutes [1..43200] maximum age of these messages
 * @param tries [1..5] of a call
 */
public record AgentBuffer(
    int quietSeconds, int maxWaitSeconds, int history, int windowMinutes, int tries) {
  public static final AgentBuffer DEFAULT = new AgentBuffer(3, 30, 40, 1440, 3);
}
