package io.agentledger.gateway.session;

import io.agentledger.gateway.support.validation.SessionTitle;
import org.jspecify.annotations.Nullable;

/** Title of a session; null removes it. */
record UpdateTitleRequest(@Nullable @SessionTitle String title) {}
