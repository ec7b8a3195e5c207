package io.agentledger.gateway.channel;

import io.agentledger.api.channel.ChatCommand;
import io.agentledger.api.channel.ChatCommand.EscalateChat;
import io.agentledger.gateway.channel.ContactChatService.EscalatedResponse;
import io.agentledger.gateway.support.platform.PlatformTool;
import io.agentledger.gateway.support.platform.PlatformTool.Effect;
import io.agentledger.gateway.support.platform.PlatformToolProvider;
import io.agentledger.gateway.support.platform.ToolArgument;
import io.agentledger.gateway.support.web.RequestContext;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Tool of the platform's MCP server by which the agent of a chat hands it to people. */
@Component
class ChatPlatformTool implements PlatformToolProvider {
  private final ContactChatService chatService;

  ChatPlatformTool(ContactChatService chatService) {
    this.chatService = chatService;
  }

  record EscalateArguments(
      @ToolArgument("Why people have to answer, at most 4000 characters")
          @NotBlank(message = "is required")
          @Size(max = ChatCommand.NOTE_LENGTH_MAX, message = "must be at most 4000 characters")
          String reason) {}

  @Override
  public List<PlatformTool<?>> tools() {
    return List.of(
        new PlatformTool<>(
            "escalate",
            "Hand the chat to people",
            "Hands this chat to people, who see the reason; the contact does not. You get no more"
                + " messages until they hand the chat back. Your last text of this turn is still"
                + " sent to the contact.",
            Effect.ESCALATE,
            EscalateChat.class,
            EscalateArguments.class,
            this::escalate));
  }

  private Mono<EscalatedResponse> escalate(RequestContext context, EscalateArguments arguments) {
    return chatService.escalateOfSession(context, arguments.reason());
  }
}
