package io.agentledger.gateway.session;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.agentledger.gateway.support.validation.SessionTitle;
import org.jspecify.annotations.Nullable;

/** Title of a session; null removes it. */
record UpdateTitleRequest(
    @JsonProperty(value = "title", required = true) @Nullable @SessionTitle String title) {}
