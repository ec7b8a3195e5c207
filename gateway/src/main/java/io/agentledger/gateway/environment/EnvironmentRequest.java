package io.agentledger.gateway.environment;

import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentNotes;
import io.agentledger.api.environment.EnvironmentSnapshot.EnvironmentType;
import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.environment.EnvironmentVariableNames;
import io.agentledger.api.environment.EnvironmentView;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Request for an environment; missing network access is closed, other missing fields have the
 * operator's values.
 */
record EnvironmentRequest(
    @NotBlank(message = "must not be blank")
        @Size(max = 100, message = "must be 1 to 100 characters")
        @SafeText
        String name,
    @Nullable @Size(max = 2048, message = "must be at most 2048 characters") String description,
    @Nullable @Size(max = 16, message = "must be at most 16 pairs")
        Map<
                @Size(min = 1, max = 64, message = "must have keys of 1 to 64 characters") @SafeText
                String,
                @Size(max = 512, message = "must be at most 512 characters") String>
            metadata,
    @Nullable EnvironmentType type,
    @Nullable Network network,
    @Nullable @Valid EnvironmentLimitsRequest limits,
    @Nullable
        @Size(
            max = EnvironmentDefinition.VARIABLES_MAX,
            message = "must be at most 64 names of variables")
        List<
                @NotNull(message = VARIABLE)
                @Pattern(regexp = EnvironmentVariableNames.PATTERN, message = VARIABLE) String>
            variables,
    @Nullable @Size(max = EnvironmentDefinition.MOUNTS_MAX, message = "must be at most 16 mounts")
        List<@NotNull(message = "must be an object") @Valid EnvironmentMountRequest> mounts) {
  private static final String VARIABLE =
      "must be a name of 1 to 128 letters, digits and _, and not begin with a digit";

  /** Creates a request with the current values of an environment. */
  static EnvironmentRequest from(EnvironmentView current) {
    var limits = current.limits();
    return new EnvironmentRequest(
        current.name(),
        current.description(),
        current.metadata(),
        current.type(),
        current.network(),
        new EnvironmentLimitsRequest(limits.memoryMib(), limits.processes(), limits.workspaceMib()),
        current.variables(),
        current.mounts().stream()
            .map(
                mount ->
                    new EnvironmentMountRequest(mount.source(), mount.target(), mount.writable()))
            .toList());
  }

  EnvironmentNotes toNotes() {
    var pairs = metadata == null ? Map.<String, String>of() : metadata;
    pairs.forEach(
        (name, value) -> {
          if (value == null)
            throw InvalidRequestException.body("/metadata/" + name, "must be a string");
        });
    return new EnvironmentNotes(description, pairs);
  }

  EnvironmentDefinition toDefinition() {
    if (type != null && type != EnvironmentType.LOCAL)
      throw InvalidRequestException.body("/type", "must be local");
    var names = variables == null ? List.<String>of() : variables.stream().distinct().toList();
    for (int i = 0; i < names.size(); i++) {
      var violation = EnvironmentVariableNames.findViolation(names.get(i));
      if (violation.isPresent())
        throw InvalidRequestException.body("/variables/" + i, violation.get());
    }
    return new EnvironmentDefinition(
        network == null ? new Network.Closed() : NetworkHostsValidator.normalize(network),
        limits == null ? new Limits(0, 0, 0) : limits.toLimits(),
        names,
        mounts == null ? List.of() : toMounts(mounts));
  }

  private static List<Mount> toMounts(List<EnvironmentMountRequest> requested) {
    for (int i = 0; i < requested.size(); i++) {
      var target = requested.get(i).target();
      if (requested.subList(0, i).stream()
          .anyMatch(otherMount -> otherMount.target().equals(target)))
        throw InvalidRequestException.body("/mounts/" + i + "/target", "must be unique");
    }
    return requested.stream()
        .map(
            mount ->
                new Mount(mount.source(), mount.target(), Boolean.TRUE.equals(mount.writable())))
        .toList();
  }
}
