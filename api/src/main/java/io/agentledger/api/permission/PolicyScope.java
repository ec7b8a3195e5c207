package io.agentledger.api.permission;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.trigger.TriggerId;

/** Sessions that a policy applies to. It never changes. */
public sealed interface PolicyScope extends Discriminated {
  /** All sessions of the tenant. */
  @StableName("tenant")
  record Tenant() implements PolicyScope {}

  /** Sessions with one agent, in all of its versions. */
  @StableName("agent")
  record Agent(AgentId agentId) implements PolicyScope {}

  /** One session. */
  @StableName("session")
  record Session(SessionId sessionId) implements PolicyScope {}

  /**
   * Sessions that a trigger started, and everything that branches off them. Only its rules that
   * deny or ask apply.
   */
  @StableName("trigger")
  record Trigger(TriggerId triggerId) implements PolicyScope {}

  /**
   * Sessions of the chats of a channel, and everything that branches off them. Only its rules that
   * deny or ask apply.
   */
  @StableName("channel")
  record Channel(ChannelId channelId) implements PolicyScope {}

  /** Returns the id of the agent, session, trigger or channel; empty for the tenant. */
  default String targetId() {
    return switch (this) {
      case Tenant tenant -> "";
      case Agent agent -> agent.agentId().value();
      case Session session -> session.sessionId().value();
      case Trigger trigger -> trigger.triggerId().value();
      case Channel channel -> channel.channelId().value();
    };
  }
}
