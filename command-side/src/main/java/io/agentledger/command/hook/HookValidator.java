package io.agentledger.command.hook;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.hook.HookRegistry;
import io.agentledger.api.hook.HookTarget;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.HookRejection.HookRefused;
import io.agentledger.api.shared.RegexLimits;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.command.support.outbound.DestinationPolicy;
import io.agentledger.command.support.outbound.OutboundRefusedException;
import io.agentledger.command.support.outbound.OutboundRequest;
import java.util.ArrayList;
import java.util.List;

/** Validates hooks: rejects those that could never be called. */
final class HookValidator implements HookRegistry {
  private final HookLookupTable hooks;
  private final DestinationPolicy destinations;
  private final SecretReader secretReader;

  HookValidator(HookLookupTable hooks, DestinationPolicy destinations, SecretReader secretReader) {
    this.hooks = hooks;
    this.destinations = destinations;
    this.secretReader = secretReader;
  }

  @Override
  public int countOf(TenantId tenant) {
    return hooks.countRegistered(tenant);
  }

  @Override
  public void check(TenantId tenant, HookDefinition definition) {
    if (!definition.point().isSupported())
      throw rejection("point", "is not supported here: such a hook would never be called");
    RegexLimits.findViolation(definition.matcher(), RegexLimits.MATCHER_SIZE_MAX)
        .ifPresent(
            violation -> {
              throw rejection("matcher", violation);
            });
    try {
      Pattern.compile(definition.matcher());
    } catch (PatternSyntaxException e) {
      throw rejection("matcher", "is not a valid RE2 expression: " + e.getDescription());
    }
    if (definition.target() instanceof HookTarget.Validation
        && definition.point() != HookPoint.PRE_TOOL_USE)
      throw rejection("target", "validates the input of tools, so the point must be PreToolUse");
    if (definition.target() instanceof HookTarget.Validation validation
        && InputSchemas.isTooLarge(validation.schema()))
      throw rejection(
          "target",
          "has expressions that are too long together; all expressions of a schema have at most "
              + RegexLimits.SIZE_MAX
              + " characters with their repetitions");
    if (definition.target() instanceof HookTarget.Http http) check(tenant, http);
  }

  private void check(TenantId tenant, HookTarget.Http http) {
    try {
      destinations.check(http.url());
    } catch (OutboundRefusedException e) {
      throw rejection("url", e.advice());
    }
    try {
      new OutboundRequest("POST", http.url(), http.headers(), new byte[0]);
    } catch (OutboundRefusedException e) {
      throw rejection("headers", e.rule().description());
    }
    var used = new ArrayList<>(http.secrets());
    if (http.signing() instanceof HookTarget.Signing.Signed signed) used.add(signed.secret());
    for (var secret : used)
      if (!secretReader.findUnusable(tenant, List.of(secret.vaultId())).isEmpty())
        throw rejection("secret", "is not in a vault of this tenant: " + secret.vaultId());
  }

  private static RejectionException rejection(String field, String detail) {
    return new RejectionException(new HookRefused(field, detail));
  }
}
