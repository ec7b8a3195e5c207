package io.agentledger.command.channel.platform;

import io.agentledger.command.channel.platform.OutboundMessage.MessageTemplate;
import io.agentledger.command.channel.platform.OutboundMessage.OutboundMedia;

/**
 * Part of a message that one request sends.
 *
 * @param id message id, a dot, and the number of the part from 0; key of idempotent platforms
 */
public record OutboundPart(String id, String contactAddress, Content content) {
  /** Content of a part. */
  public sealed interface Content {
    /** Text in the platform's markup, within its length limit. */
    record Text(String markup) implements Content {}

    /** File without a text. */
    record File(OutboundMedia media) implements Content {}

    /** Template instead of a text. */
    record Template(MessageTemplate template) implements Content {}
  }

  @Override
  public String toString() {
    return "OutboundPart[" + id + "]";
  }
}
