package io.agentledger.gateway.support.platform;

import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Tool of the platform's MCP server: one operation of the API. It decides nothing: its messages are
 * authorized like those of a request.
 *
 * @param name in snake case, unique
 * @param description one or two sentences for the model that calls the tool
 * @param message type of the message that the tool sends: only callers who may send it see the tool
 * @param argumentsType record whose components are described by {@link ToolArgument}; they are read
 *     and validated like the body of a request
 * @param operation returns an object as the result
 */
public record PlatformTool<A extends Record>(
    String name,
    String title,
    String description,
    Effect effect,
    Class<?> message,
    Class<A> argumentsType,
    BiFunction<RequestContext, A, ? extends Mono<?>> operation) {
  /** Maximum number of items of a page: results are read by models. */
  public static final int PAGE_MAX = 100;

  private static final int PAGE_DEFAULT = 20;

  /** Effect of a call, for clients that ask their user before some calls. */
  public enum Effect {
    /** Changes nothing. */
    READ,
    /** Adds something and changes nothing that exists. */
    ADD,
    /** Adds to a conversation of a person; not for agents of sessions. */
    CONVERSE,
    /** Changes the configuration; agents of sessions need the approval of a person. */
    CONFIGURE,
    /** Changes or ends something else; not for agents of sessions. */
    CHANGE,
    /** Hands a chat with a contact to people; for the agents of chats only. */
    ESCALATE;

    public boolean isDestructive() {
      return this == CONFIGURE || this == CHANGE;
    }

    /** Returns whether the tool exists for callers of a kind. */
    public boolean isFor(Audience audience) {
      return switch (audience) {
        case CLIENTS -> this != ESCALATE;
        case AGENTS -> this == READ || this == ADD || this == CONFIGURE;
        case CHAT_AGENTS -> this == ESCALATE;
      };
    }
  }

  /** Kind of callers. */
  public enum Audience {
    /** People and programs at the endpoint. */
    CLIENTS,
    /** Agents of sessions, on behalf of the user who sent the query. */
    AGENTS,
    /** Agents of sessions that answer contacts, on behalf of the channel. */
    CHAT_AGENTS
  }

  /** Returns the page that the arguments of a list request. */
  public static PageRequest toPage(@Nullable Integer limit, @Nullable String cursor) {
    if (limit != null && (limit < 1 || limit > PAGE_MAX))
      throw InvalidRequestException.body("/limit", "must be 1 to " + PAGE_MAX);
    return new PageRequest(limit == null ? PAGE_DEFAULT : limit, cursor);
  }
}
