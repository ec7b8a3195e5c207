package io.agentledger.api.channel;

import java.util.Optional;

/** Port by which the gateway serves visitors of pages with the chat widget. Blocks. */
public interface WidgetVisitors {
  /** Maximum length of a visitor's message. */
  int TEXT_LENGTH_MAX = 4_000;

  /** Identity that a page presents. */
  sealed interface Identity {}

  /**
   * Identity of one browser.
   *
   * @param key secret that the browser keeps: 32 to 64 lower-case hexadecimal digits
   */
  record AnonymousIdentity(String key) implements Identity {}

  /**
   * User of the site, signed by the site's server.
   *
   * @param expires seconds since 1970
   * @param signature HMAC-SHA256 of the user id, a dot and {@code expires}, in hexadecimal digits
   */
  record SignedIdentity(String userId, String expires, String signature) implements Identity {}

  /**
   * Returns whether pages of an origin may contain the widget of a channel; false for channels that
   * do not exist.
   */
  boolean isAllowedOrigin(ChannelId channelId, String origin);

  /**
   * Verifies an identity and issues a token.
   *
   * @param name name that the visitor gave itself; empty if unknown
   * @param source network address of the visitor
   * @return empty if there is no such channel, or it does not accept the identity
   * @throws io.agentledger.api.shared.RejectionException after too many visits from the address
   */
  Optional<VisitorToken> visit(ChannelId channelId, Identity identity, String name, String source);

  /** Returns the visitor of a token; empty unless the token is valid for the channel now. */
  Optional<Visitor> find(ChannelId channelId, String token);

  /**
   * Stores a message of a visitor. Idempotent by its id, also with another text.
   *
   * @param messageId id that the page generated
   * @param source network address of the visitor
   * @return id of the message in the chat
   * @throws io.agentledger.api.shared.RejectionException if it cannot be stored
   */
  ChatMessageId receive(Visitor visitor, String messageId, String text, String source);
}
