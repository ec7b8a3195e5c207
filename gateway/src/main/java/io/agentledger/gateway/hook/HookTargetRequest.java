package io.agentledger.gateway.hook;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.agentledger.api.hook.HookTarget;
import io.agentledger.api.hook.HookTarget.BuiltInHook;
import io.agentledger.api.hook.HookTarget.Signing;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.validation.PlainHeaders;
import io.agentledger.gateway.support.validation.SecretReference;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
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
      PlainHeaders.checkUrl(url, pointer + "/url");
      if (headers != null) PlainHeaders.check(headers, pointer + "/headers");
      return new HookTarget.Http(
          url,
          headers == null ? Map.of() : headers,
          secrets == null ? List.of() : secrets.stream().map(SecretReference::toRef).toList(),
          signingSecret == null
              ? new Signing.Unsigned()
              : new Signing.Signed(signingSecret.toRef()));
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
}
