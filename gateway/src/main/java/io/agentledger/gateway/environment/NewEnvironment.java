package io.agentledger.gateway.environment;

import io.agentledger.api.environment.EnvironmentNotes;
import io.agentledger.api.environment.EnvironmentSnapshot.Kind;
import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.environment.EnvironmentTerms;
import io.agentledger.api.environment.EnvironmentView;
import io.agentledger.api.environment.VariableNames;
import io.agentledger.gateway.support.Invalid;
import io.agentledger.gateway.support.Plain;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/** An environment that is wished for; what is left out is closed, or as the operator has it. */
record NewEnvironment(
    @NotBlank(message = "must not be blank")
        @Size(max = 100, message = "must be 1 to 100 characters")
        @Plain
        String name,
    @Nullable @Size(max = 2048, message = "must be at most 2048 characters") String description,
    @Nullable @Size(max = 16, message = "must be at most 16 pairs")
        Map<
                @Size(min = 1, max = 64, message = "must have keys of 1 to 64 characters") @Plain
                String,
                @Size(max = 512, message = "must be at most 512 characters") String>
            metadata,
    @Nullable Kind kind,
    @Nullable Network network,
    @Nullable @Valid LimitsWish limits,
    @Nullable
        @Size(
            max = EnvironmentTerms.VARIABLES_MAX,
            message = "must be at most 64 names of variables")
        List<
                @NotNull(message = VARIABLE)
                @Pattern(regexp = VariableNames.FORM, message = VARIABLE) String>
            variables,
    @Nullable @Size(max = EnvironmentTerms.MOUNTS_MAX, message = "must be at most 16 mounts")
        List<@NotNull(message = "must be an object") @Valid MountWish> mounts) {
  private static final String VARIABLE =
      "must be a name of 1 to 128 letters, digits and _, and not begin with a digit";

  /** What one session may take; what is left out is as much as the operator lets it have. */
  record LimitsWish(
      @Nullable @Range(min = 512, max = 1_048_576, message = "must be 512 to 1048576")
          Long memoryMib,
      @Nullable @Range(min = 64, max = 65_536, message = "must be 64 to 65536") Integer processes,
      @Nullable @Range(min = 1, max = 1_048_576, message = "must be 1 to 1048576")
          Long workspaceMib) {
    Limits toLimits() {
      return new Limits(
          Objects.requireNonNullElse(memoryMib, 0L),
          Objects.requireNonNullElse(processes, 0),
          Objects.requireNonNullElse(workspaceMib, 0L));
    }
  }

  /** A folder of the host that the operator has named. */
  record MountWish(
      @NotNull(message = SOURCE) @Pattern(regexp = NAME, message = SOURCE) String source,
      @NotNull(message = TARGET) @Pattern(regexp = PLACE, message = TARGET) String target,
      @Nullable Boolean writable) {
    private static final String NAME = "[a-z0-9][a-z0-9-]{0,62}";
    private static final String SOURCE =
        "must be the name of a folder of the operator's, 1 to 63 characters of a-z 0-9 -";
    private static final String PLACE = "/mnt/" + NAME;
    private static final String TARGET =
        "must be /mnt/ and a name of 1 to 63 characters of a-z 0-9 -";
  }

  /** What an environment says now, to be changed. */
  static NewEnvironment of(EnvironmentView now) {
    var limits = now.limits();
    return new NewEnvironment(
        now.name(),
        now.description(),
        now.metadata(),
        now.kind(),
        now.network(),
        new LimitsWish(limits.memoryMib(), limits.processes(), limits.workspaceMib()),
        now.variables(),
        now.mounts().stream()
            .map(one -> new MountWish(one.source(), one.target(), one.writable()))
            .toList());
  }

  EnvironmentNotes toNotes() {
    var pairs = metadata == null ? Map.<String, String>of() : metadata;
    pairs.forEach(
        (name, value) -> {
          if (value == null) throw Invalid.body("/metadata/" + name, "must be a string");
        });
    return new EnvironmentNotes(description, pairs);
  }

  EnvironmentTerms toTerms() {
    if (kind != null && kind != Kind.LOCAL) throw Invalid.body("/kind", "must be local");
    var names = variables == null ? List.<String>of() : variables.stream().distinct().toList();
    for (int i = 0; i < names.size(); i++)
      if (!VariableNames.areFree(names.get(i)))
        throw Invalid.body(
            "/variables/" + i, "must not be a variable that the service sets itself");
    return new EnvironmentTerms(
        network == null ? new Network.Closed() : HostNames.checked(network),
        limits == null ? new Limits(0, 0, 0) : limits.toLimits(),
        names,
        mounts == null ? List.of() : toMounts(mounts));
  }

  private static List<Mount> toMounts(List<MountWish> wishes) {
    for (int i = 0; i < wishes.size(); i++) {
      var target = wishes.get(i).target();
      if (wishes.subList(0, i).stream().anyMatch(other -> other.target().equals(target)))
        throw Invalid.body("/mounts/" + i + "/target", "must be unique");
    }
    return wishes.stream()
        .map(one -> new Mount(one.source(), one.target(), Boolean.TRUE.equals(one.writable())))
        .toList();
  }
}
