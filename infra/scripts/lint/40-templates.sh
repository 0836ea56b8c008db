# Faults of markup; layout and style rules are ours, not the linter's.
djlint --lint --quiet --ignore H005,H006,H008,H013,H015,H016,H017,H019,H020,H021,H023,H025,H026,H029,H030,H031,H033,H052,T001,T028 templates
