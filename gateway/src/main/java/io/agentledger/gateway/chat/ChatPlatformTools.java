package io.agentledger.gateway.chat;

import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.gateway.session.prompt.RunOutcome;
import io.agentledger.gateway.session.prompt.RunOutcomeReader;
import io.agentledger.gateway.support.platform.PlatformTool;
import io.agentledger.gateway.support.platform.PlatformTool.Effect;
import io.agentledger.gateway.support.platform.PlatformToolProvider;
import io.agentledger.gateway.support.platform.ToolArgument;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.RequestContext;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Tool of the platform's MCP server for the caller's chat. */
@Component
class ChatPlatformTools implements PlatformToolProvider {
  private static final String WAIT_RULE = "must be 0 to 300";
  private static final int WAIT_SECONDS_DEFAULT = 60;

  private final ChatService chatService;
  private final RunOutcomeReader runOutcomeReader;
  private final IdempotencyKeys idempotencyKeys;

  ChatPlatformTools(
      ChatService chatService, RunOutcomeReader runOutcomeReader, IdempotencyKeys idempotencyKeys) {
    this.chatService = chatService;
    this.runOutcomeReader = runOutcomeReader;
    this.idempotencyKeys = idempotencyKeys;
  }

  record ChatArguments(
      @ToolArgument("Message to Brain")
          @NotBlank(message = "must not be blank")
          @Size(max = Input.PROMPT_LENGTH_MAX, message = "must be 1 to 100000 characters")
          String message,
      @ToolArgument("Whether the message begins a new conversation; the one before is closed")
          @Nullable Boolean newConversation,
      @ToolArgument(
              "Seconds to wait for the answer, 0 to 300; 60 if omitted. The call returns earlier"
                  + " when the run waits for a decision")
          @Nullable
          @Min(value = 0, message = WAIT_RULE)
          @Max(value = 300, message = WAIT_RULE)
          Integer waitSeconds,
      @ToolArgument("Key of your choice: a repeated call with it has no second effect")
          @Nullable String idempotencyKey) {}

  @Override
  public List<PlatformTool<?>> tools() {
    return List.of(
        new PlatformTool<>(
            "chat",
            "Chat with Brain",
            "Sends a message to your conversation with Brain, the agent that answers requests,"
                + " starts work and configures the platform. Returns the answer, or the ids for"
                + " get_result.",
            Effect.CONVERSE,
            SubmitInputs.class,
            ChatArguments.class,
            this::chat));
  }

  private Mono<RunOutcome> chat(RequestContext context, ChatArguments arguments) {
    var wait = arguments.waitSeconds();
    return chatService
        .send(
            context,
            new ChatRequest(arguments.message(), arguments.newConversation()),
            idempotencyKeys.create(arguments.idempotencyKey(), "mcp chat", arguments))
        .flatMap(
            query ->
                runOutcomeReader.await(context, query, wait == null ? WAIT_SECONDS_DEFAULT : wait));
  }
}
