package io.agentledger.gateway.session;

import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Tags of a session; they replace the former ones. */
record UpdateTagsRequest(
    @NotNull(message = "is required")
        @Size(max = SessionCommand.TAGS_MAX, message = "must be at most 20 tags")
        List<@NotBlank(message = RULE) @Size(max = 50, message = RULE) @SafeText String> tags) {
  private static final String RULE = "must be a tag of 1 to 50 characters";

  Set<String> toTags() {
    return new LinkedHashSet<>(tags);
  }
}
