package io.agentledger.api.channel;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one channel. */
@StableName("channel")
public record ChannelId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "chn";

  public ChannelId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static ChannelId next() {
    return new ChannelId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
