/**
 * Whether a restore, or its way back, may begin beside the runs whose journals lie in a data directory. A run's name begins with
 * the time at which it was planned, so the later name is the later run. To be run after the prelude.
 */
export const runsText = String.raw`
dataDir=$1 run=$2 mode=$3
for journal in "$dataDir"/restore-*.journal; do
  [ -f "$journal" ] || continue
  name=$(basename -- "$journal" .journal | cut -c9-)
  [ "$name" = "$run" ] && continue
  over=no back=no
  tail -n 1 -- "$journal" | grep -q '^{"n":[0-9]*,"event":"finished","at":"[^"]*"}$' && over=yes
  grep -q '^{"n":[0-9]*,"event":"takingBack",' "$journal" && back=yes
  if [ "$over" = no ]; then say OTHER_RUN_OPEN "run=$name" "dataDir=$dataDir"; exit 0; fi
  if [ "$mode" = takeBack ] && [ "$back" = no ] && [ "$(printf '%s\n%s\n' "$run" "$name" | sort | tail -n 1)" = "$name" ]; then
    say NEWER_RUN "run=$name" "dataDir=$dataDir"
    exit 0
  fi
done
say HOLDS
`;
