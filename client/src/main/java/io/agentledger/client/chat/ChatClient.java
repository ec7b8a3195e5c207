package io.agentledger.client.chat;

import io.agentledger.api.session.query.QueryView;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.client.support.ApiHttpClient;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Client of the caller's chat with Brain. Every call blocks; safe for any number of threads. */
public final class ChatClient {
  private static final String PATH = "/api/v1/chat";

  private final ApiHttpClient http;

  public ChatClient(ApiHttpClient http) {
    this.http = http;
  }

  /**
   * Sends a message. The stream of its session has the answer, after {@link QueryView#after}.
   *
   * @param newConversation whether to begin a new conversation, which closes the one before
   */
  public QueryView send(String message, boolean newConversation) {
    return http.post(
        PATH,
        Map.of("message", message, "new_conversation", newConversation),
        new TypeReference<>() {});
  }

  /** Returns the session of the next message; empty if that message opens one. */
  public Optional<SessionView> findSession() {
    return Optional.ofNullable(http.<Response>get(PATH, new TypeReference<>() {}).session());
  }

  private record Response(@Nullable SessionView session) {}

  /** Closes the session of the chat; the next message begins a new conversation. */
  public void end() {
    http.delete(PATH);
  }
}
