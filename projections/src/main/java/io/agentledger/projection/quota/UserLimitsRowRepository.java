package io.agentledger.projection.quota;

import org.springframework.data.jpa.repository.JpaRepository;

/** Repository of the limits of users. */
public interface UserLimitsRowRepository extends JpaRepository<UserLimitsRow, String> {}
