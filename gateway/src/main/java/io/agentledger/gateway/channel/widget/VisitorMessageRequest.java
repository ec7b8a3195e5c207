package io.agentledger.gateway.channel.widget;

import io.agentledger.api.channel.WidgetVisitors;
import io.agentledger.gateway.support.validation.VisibleText;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * Message of a visitor.
 *
 * @param messageId id that the page generates; a repeated request with it stores nothing
 * @param text plain text
 */
record VisitorMessageRequest(
    @NotNull(message = "is required")
        @Pattern(
            regexp = "[A-Za-z0-9_-]{8,64}",
            message = "must be 8 to 64 letters, digits, - or _")
        String messageId,
    @NotBlank(message = "is required")
        @Size(max = WidgetVisitors.TEXT_LENGTH_MAX, message = "must be at most 4000 characters")
        @VisibleText
        String text) {
  /** Contains no content. */
  @Override
  public String toString() {
    return "VisitorMessageRequest[]";
  }
}
