package io.agentledger.projection.quota;

import org.springframework.data.jpa.repository.JpaRepository;

/** The limits of people. */
public interface UserLimitsRowRepository extends JpaRepository<UserLimitsRow, String> {}
