package io.agentledger.api.channel;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.vault.SecretRef;

/** Agent that answers in the chats of a channel. */
public sealed interface ChannelAgent extends Discriminated {
  /**
   * Agent of this installation: each chat has a session of it.
   *
   * @param session request to open the session, as in the API, an object
   */
  @StableName("internal")
  record Internal(Json session) implements ChannelAgent {}

  /**
   * Program behind a webhook.
   *
   * @param url receives a signed request for each call
   * @param secret key of the signature, of the form {@code whsec_...}
   */
  @StableName("external")
  record External(String url, SecretRef secret, ReplyMode mode) implements ChannelAgent {}

  /** Source of the reply of an external agent. */
  enum ReplyMode {
    /** The response to the request contains it. */
    REPLY,
    /** The agent sends a message with its token. */
    FIRE_AND_FORGET
  }
}
