/** What `take-back.sh` has beside the driver's own: it first looks which steps are in place, as the editor does. */
export const backText = String.raw`
# FILE HOSTS STEPS: notes the steps that there is nothing to take back of.
survey() {
  file=$1 stage_hosts=$2
  each_host "$file" look "$stage_hosts"
  all_well "$file" "$stage_hosts" || refuse 'It could not be found out what is in place. Nothing was changed by this attempt; the words of the hosts are in the folder log.'
  for step in $3; do id=$(step_id "$step"); export id; judge "$step"; done
}
turn_round() {
  if going_back; then
    if is_over; then told 'This run was taken back already.'; exit 0; fi
    return 0
  fi
  back=$(sum_of "$here/take-back.json")
  who=$(by) plan=$(cat -- "$here/take-back.json")
  note takingBack "$(printf ',"by":"%s","digest":"%s","plan":%s' "$who" "$back" "$plan")"
  survey_all
  confirm
  flush
}
`;
