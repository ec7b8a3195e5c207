package io.agentledger.gateway.hook;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.agentledger.api.hook.HookTarget;
import io.agentledger.api.hook.HookTarget.BuiltInHook;
import io.agentledger.api.hook.HookTarget.Signing;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Json;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.VaultId;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.validation.PlainHeaders;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Target of a hook, distinguished by its {@code type}. See {@link HookTarget}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = Discriminated.PROPERTY)
@JsonSubTypes({
  @JsonSubTypes.Type(value = HookTargetRequest.Http.class, name = "http"),
  @JsonSubTypes.Type(value = HookTargetRequest.BuiltIn.class, name = "built_in"),
  @JsonSubTypes.Type(value = HookTargetRequest.Validation.class, name = "validation"),
})
sealed interface HookTargetRequest {
  String MUST_BE_GIVEN = "is required";

  /** Beginning of the names of the headers that sign a call. */
  String SIGNATURE_PREFIX = "webhook-";

  /**
   * @param pointer position of this target in the body
   */
  HookTarget toTarget(String pointer);

  /** See {@link HookTarget.Http}. */
  record Http(
      @NotBlank(message = "must be 1 to 2048 characters")
          @Size(max = 2048, message = "must be 1 to 2048 characters")
          String url,
      @Nullable @Size(max = 20, message = "must be at most 20 headers")
          Map<
                  @Size(min = 1, max = 128, message = "must be 1 to 128 characters") String,
                  @NotNull(message = MUST_BE_GIVEN)
                  @Size(max = 1024, message = "must be at most 1024 characters") String>
              headers,
      @Nullable @Size(max = 5, message = "must be at most 5 secrets")
          List<@NotNull(message = MUST_BE_GIVEN) @Valid SecretReference> secrets,
      @Nullable @Valid SecretReference signingSecret)
      implements HookTargetRequest {
    @Override
    public HookTarget toTarget(String pointer) {
      PlainHeaders.findCredential(url)
          .ifPresent(
              credential -> {
                throw InvalidRequestException.body(pointer + "/url", inPlainText(credential));
              });
      requirePlainHeaders(pointer + "/headers");
      return new HookTarget.Http(
          url,
          headers == null ? Map.of() : headers,
          secrets == null ? List.of() : secrets.stream().map(SecretReference::toRef).toList(),
          signingSecret == null
              ? new Signing.Unsigned()
              : new Signing.Signed(signingSecret.toRef()));
    }

    /** Refuses credentials, because all who can read the hook see its headers. */
    private void requirePlainHeaders(String pointer) {
      if (headers == null) return;
      var violations = new ArrayList<Violation>();
      headers.forEach(
          (name, value) ->
              findRule(name, value)
                  .map(rule -> Violation.body(pointer + "/" + name.replace("/", "~1"), rule))
                  .ifPresent(violations::add));
      if (!violations.isEmpty()) throw new InvalidRequestException(violations);
    }

    private static String inPlainText(String credential) {
      return "must not be in plain text: it looks like "
          + credential
          + "; store it in a vault (PUT /vaults/{id}/secrets/{name}), and name it in secrets";
    }

    private static Optional<String> findRule(String name, String value) {
      if (!PlainHeaders.isSettable(name)
          || name.toLowerCase(Locale.ROOT).startsWith(SIGNATURE_PREFIX))
        return Optional.of("must be a header that may be set: the service sets this one itself");
      if (PlainHeaders.isSecret(name)) return Optional.of(inPlainText("a credential"));
      var credential = PlainHeaders.findCredential(value);
      if (credential.isPresent()) return credential.map(Http::inPlainText);
      return PlainHeaders.isVisible(value)
          ? Optional.empty()
          : Optional.of("must be visible ASCII characters");
    }
  }

  /** See {@link HookTarget.BuiltIn}. */
  record BuiltIn(@NotNull(message = MUST_BE_GIVEN) BuiltInHook service)
      implements HookTargetRequest {
    @Override
    public HookTarget toTarget(String pointer) {
      return new HookTarget.BuiltIn(service);
    }
  }

  /** See {@link HookTarget.Validation}. */
  record Validation(@NotNull(message = MUST_BE_GIVEN) Json schema) implements HookTargetRequest {
    @Override
    public HookTarget toTarget(String pointer) {
      InputSchemaValidator.check(pointer + "/schema", schema);
      return new HookTarget.Validation(schema);
    }
  }

  /** See {@link SecretRef}. */
  record SecretReference(
      @NotNull(message = MUST_BE_GIVEN) VaultId vaultId,
      @NotNull(message = MUST_BE_GIVEN)
          @Pattern(
              regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
              message = "must be the name of a secret")
          String name) {
    SecretRef toRef() {
      return new SecretRef(vaultId, name);
    }
  }
}
